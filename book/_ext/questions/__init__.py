"""Questions of every kind: their markup, their answers, and what is verified of them."""
