/** A whole published election in memory: two voters, three ballots, a close, a tally with certificates; and a server that hands it out. */
import { createHash } from 'node:crypto';
import { canonical, digest, encodeBytes, encodeNumber } from '../../static/js/protocol/codec.js';
import { shortTracker, voterNumber } from '../../static/js/protocol/credentials.js';
import { leafHash } from '../../static/js/protocol/merkle.js';
import { packing } from '../../static/js/verify/tally.js';
import { decide } from '../../static/js/verify/outcome.js';
import { parseEntry } from '../../static/js/verify/entries.js';
import { board, contests, election, official, record, seal } from './fixtures.mjs';
import { checkpoint, consistencyOf, pathOf, rootOf } from './logs.mjs';

const { key, fingerprint } = election;
const sha256 = (bytes) => encodeBytes(createHash('sha256').update(bytes).digest());
export const places = { api: '/api/elections/x', record: '/elections/x/record/', election: '/elections/x', board: '/elections/x/board' };

/** Totals that three ballots with the fixtures' choices could have. */
const TOTALS = { one: [0, 2, 0, 0], some: [2, 0, 2], score: [3, 1], points: [4, 0], strict: [1, 0, 0], ties: [1, 0, 1, 0, 0, 1] };

/** A ciphertext of packed totals, with its certificate. */
function opened(totals, random) {
  const M = totals.reduce((sum, total, i) => sum + (BigInt(total) << (32n * BigInt(i))), 0n);
  const C = key.encrypt(M, random);
  return { ciphertext: encodeNumber(C, 2 * key.width), certificate: { m: encodeNumber(M, key.width), r: encodeNumber(random, key.width) } };
}

function countOf(contest, i) {
  const totals = TOTALS[contest.id];
  const groups = packing(contest, key.slots);
  let start = 0;
  const all = groups.map((held, j) => opened(totals.slice(start, (start += held)), BigInt(1000 + 10 * i + j)));
  const weight = contest.id === 'one' || contest.id === 'some' ? 2 : 1;
  return {
    id: contest.id, ballots: weight, weight, ciphertexts: all.map((one) => one.ciphertext), certificates: all.map((one) => one.certificate),
    totals, outcome: decide(contest, totals, weight, 0),
  };
}

/** A log that grows by `add(type, body)`. */
export function startLog() {
  const lines = [...record.entries];
  const add = (type, body, time = '2026-11-22T09:00:00Z') => lines.push(canonical({ index: lines.length, time, type, body })) - 1;
  return { lines, add };
}

/** Cast a ballot into a log; returns its entry's body. */
export function castInto(log, style, previous = '') {
  const { ballot, tracker, signature } = seal({ style, previous });
  const body = { voter: ballot.voter, tracker, previous, signature };
  log.add('ballot', body);
  return body;
}

/** The receipt of an entry of a log. */
export function receiptOf(lines, index, size = lines.length) {
  const entry = parseEntry(lines[index]);
  const leaves = lines.slice(0, size).map(leafHash);
  const fields = {
    election: fingerprint, voter: entry.body.voter, tracker: entry.body.tracker, index, time: entry.time, leaf_hash: encodeBytes(entry.leaf),
    checkpoint: checkpoint(size, rootOf(leaves)), inclusion_proof: pathOf(index, leaves).map(encodeBytes),
  };
  return { ...fields, signature: board.sign('receipt', fields) };
}

/** Close a log and publish its tally; `change` may spoil the tally before it is logged. */
export function finishLog(log, counted, change = (tally) => tally) {
  const size = log.lines.length + 1;
  const hash = encodeBytes(digest('counted', counted));
  log.add('close', { size, counted: hash, signature: official.sign('close', { election: fingerprint, size, counted: hash }) });
  const root = encodeBytes(rootOf(log.lines.map(leafHash)));
  const tally = canonical(change({ version: 1, election: fingerprint, size, root, counted: hash, contests: contests.map(countOf), partials: [] }));
  log.add('tally', { sha256: sha256(tally) });
  return tally;
}

/** What a server would answer: files of the record and proofs, by the definition of RFC 9162. */
export function serve(lines, tally = null, change = {}) {
  const leaves = lines.map(leafHash);
  const text = (bytes) => new TextDecoder().decode(bytes);
  const files = {
    'manifest.json': record.manifestBytes, 'key.json': record.keyBytes, 'roll.jsonl': record.rollBytes, checkpoint: checkpoint(lines.length, rootOf(leaves)),
    'log/00000.jsonl': lines.map((line) => `${text(line)}\n`).join(''), ...(tally ? { 'tally.json': tally } : {}), ...change,
  };
  const entries = (query) => lines.map(parseEntry).filter(({ index, type, body }) => {
    if (query.has('kind')) return type === query.get('kind') && index >= Number(query.get('start'));
    const q = query.get('q');
    const codes = [typeof body.tracker === 'string' && shortTracker(body.tracker), type === 'ballot' && voterNumber(body.voter)];
    return String(index) === q || body.tracker === q || codes.some((code) => code && code.replaceAll('-', '').startsWith(q.replaceAll('-', '')) && q.length > 9);
  }).map(({ index, bytes }) => ({ entry: text(bytes), inclusion_proof: pathOf(index, leaves).map(encodeBytes) }));
  const asked = [];
  const fetcher = async (address) => {
    asked.push(address);
    const url = new URL(address, 'http://x');
    if (url.pathname === `${places.api}/log/entries`) return Response.json({ size: lines.length, entries: entries(url.searchParams) });
    if (url.pathname === `${places.api}/log/consistency`) {
      return Response.json({ old: 0, new: 0, proof: consistencyOf(Number(url.searchParams.get('old')), leaves).map(encodeBytes) });
    }
    const name = url.pathname.slice(places.record.length);
    return Object.hasOwn(files, name) ? new Response(files[name]) : new Response('', { status: 404 });
  };
  return { fetcher, asked, files };
}
