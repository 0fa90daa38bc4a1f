/** The few names of SimpleWebAuthn that this project uses. */

export function browserSupportsWebAuthn(): boolean;
/** Options are those of the server; the answer is what the server takes. */
export function startAuthentication(options: { optionsJSON: object }): Promise<object>;
export function startRegistration(options: { optionsJSON: object }): Promise<object>;
export class WebAuthnError extends Error {
  code: string;
}
