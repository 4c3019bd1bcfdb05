// One Blockcerts document, read from stdin, under @blockcerts/cert-verifier-js as it is published;
// it may ask this machine alone: the issuer's profile, and the chain behind `explorer`.
import {readFileSync} from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import {createRequire} from 'node:module';

const [explorer] = process.argv.slice(2);
for (const module of [http, https]) {
  const {request} = module;
  module.request = (what, ...rest) => {
    const host = what?.hostname ?? what?.host ?? new URL(String(what)).hostname;
    if (!String(host).startsWith('127.0.0.1')) throw new Error(`offline: ${host} was asked for`);
    return request(what, ...rest);
  };
}
const {fetch} = globalThis;
globalThis.fetch = (what, how) => {
  const {hostname} = new URL(String(what?.url ?? what));
  if (hostname !== '127.0.0.1') throw new Error(`offline: ${hostname} was asked for`);
  return fetch(what, how);
};

const {Certificate} = createRequire(import.meta.url)('@blockcerts/cert-verifier-js/dist/verifier-node/index.js');
const certificate = new Certificate(JSON.parse(readFileSync(0, 'utf8')), {
  explorerAPIs: [{
    serviceUrl: explorer, serviceURL: explorer, priority: 0, apiType: 'rpc', chainType: 'evm'}]});
await certificate.init();
const {status, message} = await certificate.verify();
console.log(status, JSON.stringify(message));
process.exit(0);
