import type {ReactNode} from 'react';
import {usePanel} from './context.js';
import {safeImage} from './images.js';
import type {ItemOf} from './protocol.js';

/** An image that the server made, with how far it is while it is being made. */
export function GeneratedImage({item: {image, progress}, open}: {item: ItemOf<'generated_image'>; open: boolean}): ReactNode {
  const {strings, imageDomains} = usePanel();
  const allowed = image === undefined ? undefined : safeImage(image.url, imageDomains, window.location.href);
  return (
    <figure className="dc-image" aria-busy={open}>
      {allowed !== undefined && 'src' in allowed && <img src={allowed.src} alt={strings.image.alt} loading="lazy" referrerPolicy="no-referrer" />}
      {allowed !== undefined && 'refused' in allowed && <figcaption>{strings.image.refused(allowed.refused)}</figcaption>}
      {open && (
        <figcaption>
          {strings.image.making}
          <progress aria-label={strings.image.making} {...(progress === undefined ? {} : {value: progress, max: 1})} />
        </figcaption>
      )}
    </figure>
  );
}
