import { verdict } from '../../flow/policy-kind.js';
import { definePolicy } from '../define.js';
import { checkCountry, checkHistory, checkNetwork, checksHistory } from './checks.js';
import { geoipConfig } from './config.js';

export const geoipPolicy = definePolicy({
  name: 'geoip',
  description:
    'Passes by where the address is: in which network and country, and how far from earlier logins.',
  config: geoipConfig,
  services: ['auditLog'],

  problems(config) {
    if (config.asns.length + config.countries.length > 0 || checksHistory(config)) return [];
    const message = 'Something must be checked: countries, asns, the distance or the travel.';
    return [{ path: 'countries', code: 'REQUIRED', message }];
  },

  async evaluate({ config, input, services: { auditLog } }) {
    const places = [
      ...(config.asns.length > 0 ? [checkNetwork(config, input.client)] : []),
      ...(config.countries.length > 0 ? [checkCountry(config, input.client)] : []),
    ];
    const history = checksHistory(config) ? [await checkHistory(config, input, auditLog)] : [];
    const placeAllowed = places.length === 0 || places.some(({ passing }) => passing);
    const objections = [...(placeAllowed ? [] : places), ...history.filter(({ passing }) => !passing)];
    const messages = new Set(objections.flatMap((finding) => finding.messages));
    const read = [...places, ...history].flatMap((finding) => Object.entries(finding.read));
    return verdict(objections.length === 0, [...messages], { read: Object.fromEntries(read) });
  },
});
