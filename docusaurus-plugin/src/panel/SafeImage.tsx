import {useState, type CSSProperties, type ReactNode} from 'react';
import {usePanel} from './context.js';
import {safeImage} from './images.js';

/** An image of the server, from where it lets images come from; its words where there is none. */
export function SafeImage({
  url,
  alt,
  className,
  style,
}: {
  url: string;
  alt: string;
  className?: string | undefined;
  style?: CSSProperties | undefined;
}): ReactNode {
  const {strings, imageDomains} = usePanel();
  const [broken, setBroken] = useState(false);
  const image = safeImage(url, imageDomains, window.location.href);
  if ('refused' in image) {
    return <span className="dc-w-caption">{strings.image.refused(image.refused)}</span>;
  }
  return broken ? (
    <span className="dc-w-caption">{alt}</span>
  ) : (
    <img
      className={className}
      style={style}
      src={image.src}
      alt={alt}
      loading="lazy"
      referrerPolicy="no-referrer"
      onError={() => setBroken(true)}
    />
  );
}
