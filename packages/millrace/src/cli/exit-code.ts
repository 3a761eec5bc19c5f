// Owns: what the exit code of a command says.

export const EXIT = {
  success: 0,
  /** A run that ended Failed, or Cancelled by itself. */
  notSuccessful: 1,
  /** Nothing ran: wrong usage, file, flow or parameters. */
  invalid: 2,
  /** As shells say it for Ctrl-C. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
