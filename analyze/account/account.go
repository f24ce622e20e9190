// Package account keeps the books of an analysis: what was read and what came
// of it, in bounded memory.
package account
