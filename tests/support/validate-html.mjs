/**
 * Check the HTML files of a folder by .htmlvalidate.mjs; prints one line a fault. node validate-html.mjs FOLDER
 *
 * The program's own command needs a newer Node than we do.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { HtmlValidate } from 'html-validate';
import rules from '../../.htmlvalidate.mjs';

const [folder] = process.argv.slice(2);
const checker = new HtmlValidate(rules);
for (const name of readdirSync(folder).sort()) {
  const report = await checker.validateString(readFileSync(path.join(folder, name), 'utf8'), name);
  for (const { messages } of report.results) {
    for (const { ruleId, line, column, message } of messages) console.log(`${name}:${line}:${column} ${ruleId}: ${message}`);
  }
}
