/** A name that somebody else chose, as it stands in a message: a long one is cut. */
export const shortened = (name: string): string => (name.length > 64 ? `${name.slice(0, 61)}...` : name);
