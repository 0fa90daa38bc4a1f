/** The few names of noble that this project uses. */

type Hash = {
  (message: Uint8Array): Uint8Array;
  create(): { update(part: Uint8Array): unknown; digest(): Uint8Array };
};

interface EdwardsPoint {
  add(other: EdwardsPoint): EdwardsPoint;
  subtract(other: EdwardsPoint): EdwardsPoint;
  multiplyUnsafe(scalar: bigint): EdwardsPoint;
  isTorsionFree(): boolean;
  is0(): boolean;
  toBytes(): Uint8Array;
}

export const ed25519: {
  Point: {
    BASE: EdwardsPoint;
    CURVE(): { p: bigint; n: bigint };
    /** Throws unless the bytes are a canonical point (RFC 8032). */
    fromBytes(bytes: Uint8Array, zip215?: boolean): EdwardsPoint;
  };
  getPublicKey(seed: Uint8Array): Uint8Array;
  sign(message: Uint8Array, seed: Uint8Array): Uint8Array;
};
export const sha256: Hash;
export const sha512: Hash;
export function hkdf(hash: Hash, key: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array;
