/*
 * Preloaded into the process that is fuzzed: made-up addresses of webhooks and sites are not looked up and not called. Only
 * the loopback can be reached.
 */
import dns from 'node:dns';
import net from 'node:net';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i;

function notFound(name) {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND', hostname: name });
}

const { lookup } = dns;
dns.lookup = (name, ...rest) => {
  if (LOOPBACK.test(name)) return lookup(name, ...rest);
  rest.at(-1)(notFound(name));
};
const lookupLater = dns.promises.lookup;
dns.promises.lookup = async (name, ...rest) => {
  if (LOOPBACK.test(name)) return await lookupLater(name, ...rest);
  throw notFound(name);
};

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function connectNear(...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  const host = typeof options === 'object' ? options.host : undefined;
  if (typeof host === 'string' && net.isIP(host) !== 0 && !LOOPBACK.test(host)) {
    process.nextTick(() =>
      this.destroy(Object.assign(new Error(`connect ENETUNREACH ${host}`), { code: 'ENETUNREACH' })),
    );
    return this;
  }
  return connect.apply(this, args);
};
