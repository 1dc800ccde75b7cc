// What html-validate demands of the built pages: all that it recommends, except what follows, each with its reason.
import { defineConfig } from "html-validate";

export default defineConfig({
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // HTML allows any characters but spaces; the reference names the places of the package by their full names.
    "valid-id": ["error", { relaxed: true }],
    // How the source is spelt, which no browser and no reader notices: Sphinx writes what these object to.
    "doctype-style": "off",
    "void-style": "off",
    "no-trailing-whitespace": "off",
    "attribute-empty-style": "off",
    // A matter of taste: the book's name stands behind each page's own.
    "long-title": "off",
    // KaTeX places its boxes by style attributes; the page's policy allows these and no other inline style.
    "no-inline-style": "off",
    // Sphinx's search looks for the text by its role=main.
    "no-redundant-role": "off",
  },
});
