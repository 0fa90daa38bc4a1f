/** Read [{contest, totals, weight, eligible}, …] from standard input; write the outcomes by the browser's rules. */
import { decide } from '../../static/js/verify/outcome.js';

let text = '';
for await (const piece of process.stdin) text += piece;
console.log(JSON.stringify(JSON.parse(text).map(({ contest, totals, weight, eligible }) => decide(contest, totals, weight, eligible))));
