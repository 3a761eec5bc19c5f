// Owns: what users of a cluster import. There is nothing yet: sockets and processes are still to come.

export {};
