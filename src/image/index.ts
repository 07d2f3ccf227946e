/**
 * Images outside of a registry: those of a directory (`layout`), and those that are made here of published images, which are the
 * same images with layers on top of them.
 *
 * A published image is read whole, except for its layers: those stay where they are, and a copy takes them from there. An added
 * layer does not depend on the platform: it is made once, and every image of the index gets it. Both kinds of images are opened
 * as a repository that can only be read, so that code which copies images sees no difference from one in a registry.
 *
 * Laws: the same image and the same additions give the same bytes: nothing made here contains a time, a user or a machine. A
 * made image can be kept in a directory and opened again by its digest; each layer is verified before it is used again.
 *
 * The layer refuses to know the meaning of the files inside, and the place where the image goes.
 */
export * from './extend.ts';
export * from './keep.ts';
export * from './layout.ts';
export * from './made-layer.ts';
export * from './read-image.ts';
export * from './read-only.ts';
