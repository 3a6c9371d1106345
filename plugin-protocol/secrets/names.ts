/** Members that are secret by their name, wherever they turn up. */
const secretName = /pass(word|wd|phrase)?$|secret|token|credential|(api|private|access)_?-?key$/i;

export const isSecretName = (name: string): boolean => secretName.test(name);

/** What stands in the place of a secret. */
export const hidden = '(hidden)';
