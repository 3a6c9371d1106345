/** A command that failed and has said why already. */
export class Failed extends Error {
  override name = 'Failed';
}
