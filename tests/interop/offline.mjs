// Loaded before everything else: whoever asks the network for anything is refused, and counted.
import http from 'node:http';
import https from 'node:https';

export const refused = [];

function refuse(what) {
  const place = String(what?.url ?? what?.href ?? what?.host ?? what);
  refused.push(place);
  throw new Error(`offline: ${place} was asked for`);
}

// But for one place: the sandbox's node, whose status lists any verifier fetches.
let allowed;
export function allow(place) { allowed = place; }
const placeOf = (what) => String(what?.url ?? what?.href ?? what);

const {fetch} = globalThis;
globalThis.fetch = async (what, how) =>
  (allowed && placeOf(what).startsWith(`${allowed}/`) ? fetch(what, how) : refuse(what));
for (const module of [http, https]) {
  module.request = refuse;
  module.get = refuse;
}
