/**
 * Fill the voter id in from the address's fragment, `#id=…`, as the letter's picture has it. The fragment never reaches
 * the server, and leaves the address bar at once.
 * @module
 */
const field = document.getElementById('voter_id');
const given = new URLSearchParams(location.hash.slice(1)).get('id');
if (field instanceof HTMLInputElement && given) {
  field.value = given.slice(0, 200);
  history.replaceState(null, '', location.pathname + location.search);
}
