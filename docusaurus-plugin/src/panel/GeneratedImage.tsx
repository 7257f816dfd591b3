import type {ReactNode} from 'react';
import {usePanel} from './context.js';
import type {ItemOf} from './protocol.js';
import {SafeImage} from './SafeImage.js';

/** An image that the server made, with how far it is while it is being made. */
export function GeneratedImage({item: {image, progress}, open}: {item: ItemOf<'generated_image'>; open: boolean}): ReactNode {
  const {strings} = usePanel();
  return (
    <figure className="dc-image" aria-busy={open}>
      {/* With its address as key: what was half made may have failed. */}
      {image !== undefined && <SafeImage key={image.url} url={image.url} alt={strings.image.alt} />}
      {open && (
        <figcaption>
          {strings.image.making}
          <progress aria-label={strings.image.making} {...(progress === undefined ? {} : {value: progress, max: 1})} />
        </figcaption>
      )}
    </figure>
  );
}
