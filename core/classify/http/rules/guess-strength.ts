/** Of rules that guess: below every rule that knows the message, above the class name of a library. */
export const GUESS = 20;
