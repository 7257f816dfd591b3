export const ROOT: string;
export const ARTIFACTS: string;
export const SITE: string;
export const CHATKIT_SITE: string;
export const VARIANT_SITE: string;
export const HASH_SITE: string;
export const PORTS: Record<'extractive' | 'model' | 'chatkit' | 'openai' | 'variant' | 'hash', number>;
export const SCRIPT_URL: string;
