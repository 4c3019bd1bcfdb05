// A member's key file opened as PROTOCOL.md, Key files, writes it down, so that others' software
// can sign in the name of a member of the sandbox.
import {createDecipheriv, scryptSync} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';

import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';

const tagBytes = 16;

export function openKeyFile(path, passphrasePath) {
  const file = JSON.parse(readFileSync(path, 'utf8'));
  const {n, r, p, salt} = file.kdf;
  const passphrase = readFileSync(passphrasePath, 'utf8').replace(/\n$/, '');
  const maxmem = 128 * r * (n + 16);
  const key = scryptSync(passphrase, Buffer.from(salt, 'hex'), 32, {N: n, r, p, maxmem});
  const cipher = createDecipheriv('aes-256-gcm', key, Buffer.from(file.nonce, 'hex'));
  const sealed = Buffer.from(file.sealed, 'hex');
  cipher.setAAD(Buffer.from(file.label, 'utf8'));
  cipher.setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([cipher.update(sealed.subarray(0, -tagBytes)), cipher.final()]);
}

// As a key of `did`, by the name that its DID document gives it.
async function keyOf(did, seed) {
  const key = await Ed25519Multikey.generate({controller: did, seed});
  key.id = `${did}#${key.publicKeyMultibase}`;
  return key;
}

// Of the member whose folder of keys that is.
export const assertionKey = (did, folder) =>
  keyOf(did, openKeyFile(join(folder, 'assertion.key'), join(folder, 'passphrase')));

// Of nobody, but in the member's name.
export const strangersKey = (did) => keyOf(did, Buffer.alloc(32, 7));
