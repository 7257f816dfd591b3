import type {PanelStrings} from '../panel/index.js';

/** Texts of the frame around the two faces. */
export type RegionStrings = {
  close: string;
  loading: string;
  resize: string;
  back: string;
  challenge: string;
  consentTitle: string;
  consentMessage: string;
  consentAccept: string;
  consentDecline: string;
};

/** Every text of the opened chat; the option texts are the defaults for what the site left out. */
export type ChatStrings = {
  title: string;
  greeting: string;
  prompts: string[];
  placeholder: string;
  disclaimer: string;
  region: RegionStrings;
  panel: PanelStrings;
};
