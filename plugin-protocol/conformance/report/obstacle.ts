/** Why a plugin cannot be brought to answer calls: what is known of that is said once, and the rest is skipped. */
import { type Failure, hindered, Skip } from './verdict.ts';

export interface Obstacle {
  clause: string;
  failure: Failure;
}

export interface Way {
  /** The first that was met. */
  readonly obstacle: Obstacle | undefined;
  /** Throws when nothing further can be asked. */
  needsClear(): void;
  /** Nothing further can be asked from now on. */
  block(clause: string, failure: Failure): never;
}

const blocked = ({ clause }: Obstacle) => new Skip(`It could not be brought to answer calls: see ${clause}.`, hindered);

export const createWay = (): Way => {
  let obstacle: Obstacle | undefined;
  return {
    get obstacle() {
      return obstacle;
    },
    needsClear() {
      if (obstacle !== undefined) throw blocked(obstacle);
    },
    block(clause, failure) {
      obstacle ??= { clause, failure };
      throw blocked(obstacle);
    },
  };
};
