/**
 * Rules of html-validate for every page (tests/exhibition/test_html.py). What is not asked for, and why:
 */
export default {
  root: true,
  extends: ['html-validate:recommended', 'html-validate:document', 'html-validate:a11y'],
  rules: {
    // Styles and scripts come from this very site, at addresses that hold their hash; there is no third party to distrust.
    'require-sri': 'off',
    // The standard reads both; all our templates write it small.
    'doctype-style': ['error', { style: 'lowercase' }],
    // Lines that a template's condition leaves empty. Compression makes them free.
    'no-trailing-whitespace': 'off',
    // The summary of a form's errors stands before the heading of the page, after GOV.UK's pattern. axe asks for one <h1>.
    'heading-level': ['error', { minInitialRank: 'h2' }],
    // Titles hold what people called their election or petition.
    'long-title': 'off',
    // Tick boxes of one question share their name.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }],
    // A frame that can be scrolled is a named region, and no section of the text.
    'prefer-native-element': ['error', { exclude: ['region'] }],
  },
};
