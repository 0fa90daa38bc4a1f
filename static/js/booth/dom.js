/**
 * Building pages from data: elements and text nodes only, never markup from a text.
 * @module
 */

/** @typedef {Node|string|null|undefined|false|Children[]} Children */

/**
 * @param {Node} parent
 * @param {Children} child
 */
function append(parent, child) {
  if (Array.isArray(child)) child.forEach((one) => append(parent, one));
  else if (child instanceof Node) parent.appendChild(child);
  else if (typeof child === 'string') parent.appendChild(document.createTextNode(child));
}

/**
 * Make an element. Attributes that are false or undefined are left out, functions listen to the event of their name.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string|number|boolean|undefined|((event: Event) => void)>} [attributes]
 * @param {...Children} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

/**
 * A text of the manifest, whose direction may differ from the page's, on a line that keeps the page's.
 * @param {string} text
 * @returns {HTMLElement}
 */
export function isolated(text) {
  return el('bdi', {}, text);
}

const DOUBLE_CLICK_MS = 700;

/**
 * The second half of a double click must not press what the first half has brought under the finger.
 * @param {HTMLElement} root of what is drawn anew
 * @param {() => number} drawn when it was last drawn, as `performance.now` tells
 */
export function ignoreDoubleClicks(root, drawn) {
  root.addEventListener('click', (event) => {
    if (event.detail < 2 || performance.now() - drawn() > DOUBLE_CLICK_MS) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}

/**
 * Read the JSON that the page carries in a data block.
 * @param {string} id
 * @returns {unknown}
 */
export function readData(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? 'null');
}

/**
 * Whether this device can pass a file on to another program or device.
 * @returns {boolean}
 */
export function canShare() {
  return typeof navigator.canShare === 'function' && navigator.canShare({ files: [new File(['{}'], 'file.json', { type: 'application/json' })] });
}

/**
 * Pass a file on, by whatever the device offers for that.
 * @param {string} name
 * @param {Uint8Array} bytes
 */
export async function share(name, bytes) {
  const file = new File([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], name, { type: 'application/json' });
  await navigator.share({ files: [file] }).catch(() => undefined); // taken back, which is no fault
}

/**
 * Hand a file to the person.
 * @param {string} name
 * @param {Uint8Array} bytes
 * @param {string} [type]
 */
export function download(name, bytes, type = 'application/json') {
  const address = URL.createObjectURL(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], { type }));
  const link = el('a', { href: address, download: name });
  document.body.appendChild(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
