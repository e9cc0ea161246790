// Shapes of what maps/assets.py writes beside these sources: the tokens and the words.
export interface BalanceClass {
  key: string; sign: string; pattern: string; light: string; dark: string; opacity: number;
}
export interface State {
  key: string; zh: string; en: string; glyph: string; light: string; dark: string;
}
export interface Border {
  key: string; zh: string; en: string; colour: [string, string];
  width: number; dash: number[]; casing: number; halo: number;
}
export interface Tokens {
  interface: Record<string, [string, string]>;
  balance: BalanceClass[]; belowShares: number[]; aboveShares: number[];
  states: State[]; heat: [string, string][]; heatOpacity: number[]; heatLimits: number[];
  ground: Record<string, [string, string]>; borders: Border[];
  halo: [string, string]; casing: [string, string]; fonts: string;
}
export type Words = Record<string, [string, string]>;
export type Shades = Record<string, [string, string]>;
export type States = Record<string, State>;
