// Owns: what the other packages of Millrace use of this one. Not for users: it changes with them.

export {};
