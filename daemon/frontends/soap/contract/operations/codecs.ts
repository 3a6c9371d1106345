/** What reads and writes the values of a contract, for all of its operations. */
import type { Limits } from '../../../../limits.ts';
import type { Text } from '../../../long-text.ts';
import { type SoapVersion, soapVersions } from '../../message/names.ts';
import { ValueDecoder } from '../decode/values.ts';
import { encodingPrefix, type Prefixes } from '../encode/prefixes.ts';
import { ValueEncoder } from '../encode/values.ts';
import type { Field } from '../schema/types.ts';
import type { TypeNames } from '../values/labels.ts';
import type { Contract } from '../wsdl/contract.ts';

export class Codecs {
  readonly contract: Contract;
  readonly prefixes: Prefixes;
  readonly #types: TypeNames;
  readonly #limits: Limits;
  /** For literal messages, and for encoded ones. */
  readonly #decoders: readonly [ValueDecoder, ValueDecoder];
  readonly #encoders = new Map<SoapVersion | undefined, ValueEncoder>();
  readonly #declarations = new Map<SoapVersion, string>();

  /** `demands` whether elements that must come are missed: not in what others answer, who often leave them out. */
  constructor(contract: Contract, types: TypeNames, prefixes: Prefixes, limits: Limits, demands: boolean) {
    this.contract = contract;
    this.#types = types;
    this.prefixes = prefixes;
    this.#limits = limits;
    const decoder = (missing: boolean) => new ValueDecoder(types, limits.soap.resolvedElements, missing);
    this.#decoders = [decoder(demands), decoder(false)];
    for (const encoding of [undefined, ...soapVersions]) {
      this.#encoders.set(encoding, new ValueEncoder(types, prefixes, { encoding }, limits.xml));
    }
  }

  decoder(encoded: boolean): ValueDecoder {
    return this.#decoders[encoded ? 1 : 0];
  }

  encoder(encoded: boolean, version: SoapVersion): ValueEncoder {
    return this.#encoders.get(encoded ? version : undefined)!;
  }

  /** Namespaces, for an element that stands in Body, Header or detail. Once all is compiled. */
  declarations(encoded: boolean, version: SoapVersion): string {
    let all = this.#declarations.get(version);
    if (all === undefined) {
      all = `${this.prefixes.declarations()} xmlns:${encodingPrefix}="${version.encoding}"`;
      this.#declarations.set(version, all);
    }
    return encoded ? `${all} soap:encodingStyle="${version.encoding}"` : all;
  }

  /** Writes the element of a block, or of a bare part, for both versions. */
  element(field: Field, encoded: boolean): (value: unknown, version: SoapVersion) => Text {
    const tag = this.prefixes.name(field.element);
    const writers = new Map(soapVersions.map((one) => [one, this.encoder(encoded, one).element(field, tag)]));
    return (value, version) => writers.get(version)!(value, this.declarations(encoded, version));
  }

  get types(): TypeNames {
    return this.#types;
  }

  get limits(): Limits {
    return this.#limits;
  }
}
