// Loaded before everything else: whoever asks the network for anything is refused, and counted.
import http from 'node:http';
import https from 'node:https';

export const refused = [];

function refuse(what) {
  const place = String(what?.url ?? what?.href ?? what?.host ?? what);
  refused.push(place);
  throw new Error(`offline: ${place} was asked for`);
}

globalThis.fetch = async (what) => refuse(what);
for (const module of [http, https]) {
  module.request = refuse;
  module.get = refuse;
}
