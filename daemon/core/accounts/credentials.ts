/** From what stood in a header to credentials. */
import { type Credentials, noCredentials, tokenPrefix } from '../api.ts';

/** What a frontend found in the `Authorization` header. */
export type Presented =
  | { scheme: 'none' | 'unknown' }
  | { scheme: 'basic'; user: string; password: string }
  | { scheme: 'bearer'; token: string };

/**
 * The credentials in a header. Where a client can only do Basic, a token may stand for the password or the user. A
 * header that could not be read is a wrong token, so that the call is not made as if there were none.
 */
export const credentialsFrom = (presented: Presented): Credentials => {
  switch (presented.scheme) {
    case 'none':
      return noCredentials;
    case 'unknown':
      return { kind: 'token', token: '' };
    case 'bearer':
      return { kind: 'token', token: presented.token };
    case 'basic':
      if (presented.password.startsWith(tokenPrefix)) return { kind: 'token', token: presented.password };
      if (presented.user.startsWith(tokenPrefix)) return { kind: 'token', token: presented.user };
      return { kind: 'password', user: presented.user, password: presented.password };
  }
};
