/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** A part of a message, or the message itself, as far as its header has been read. */
final class MimePart {

    /** What its body is. */
    enum Structure {
        /** Text, an image and so on. */
        LEAF,
        MULTIPART,
        /** Has a header and a body of its own, not encoded. */
        MESSAGE,
        /** A multipart or message that cannot be looked into: it must not be encoded (RFC 2045 §6.4). */
        OPAQUE
    }

    static final int MAX_DEPTH = 100;

    /** RFC 2046 §5.1.1 allows 70 octets; senders are not so strict. */
    private static final int MAX_BOUNDARY = 200;

    private static final Set<String> ENCODED = Set.of("base64", "quoted-printable");
    private static final Pattern NO_TOKEN = Pattern.compile("[\\s;(\"].*", Pattern.DOTALL);

    /** In the order in which parts begin. */
    final int index;
    /** The part it is in; null: it is the message. */
    final MimePart parent;
    /** Whether it is a message: the outermost, or one in a message/rfc822. */
    final boolean isMessage;

    private final int depth;
    private String type;
    private String boundary = "";
    private boolean typeRead;
    private boolean unreadable;
    private String encoding = "";
    private boolean encodingRead;
    private boolean versionRead;
    /** Whether a part in it has begun. */
    boolean hasParts;

    MimePart(int index, MimePart parent, boolean isMessage) {
        this.index = index;
        this.parent = parent;
        this.isMessage = isMessage;
        this.depth = parent == null ? 1 : parent.depth + 1;
        // RFC 2046 §5.1.5, §5.2.
        this.type = parent != null && !isMessage && parent.type.equals("multipart/digest")
                ? "message/rfc822"
                : "text/plain";
    }

    /** Of two fields of one name, the first counts. */
    void learn(HeaderField field) {
        switch (field.name()) {
            case "content-type" -> {
                if (!typeRead) {
                    typeRead = true;
                    readType(field.value());
                }
            }
            case "content-transfer-encoding" -> {
                if (!encodingRead) {
                    encodingRead = true;
                    encoding = token(field.value());
                }
            }
            case "mime-version" -> versionRead = true;
            default -> {}
        }
    }

    /** A field that is too long to be read. */
    void learnTooLong(String name) {
        unreadable |= name.equals("content-type") || name.equals("content-transfer-encoding");
    }

    private void readType(String value) {
        Parameters parameters = Parameters.of(value);
        String named = token(parameters.first().strip());
        if (named.indexOf('/') > 0) {
            type = named;
        }
        boundary = parameters.value("boundary").orElse("").stripTrailing();
    }

    private static String token(String text) {
        return NO_TOKEN.matcher(text).replaceFirst("").toLowerCase(Locale.ROOT);
    }

    Structure structure() {
        boolean message = type.equals("message/rfc822") || type.equals("message/external-body");
        if (unreadable) {
            return Structure.OPAQUE;
        } else if (type.startsWith("multipart/")) {
            return boundaryIsUsable() && depth < MAX_DEPTH ? Structure.MULTIPART : Structure.OPAQUE;
        } else if (message && !ENCODED.contains(encoding)) {
            return depth < MAX_DEPTH ? Structure.MESSAGE : Structure.OPAQUE;
        }
        // RFC 2046 §5.2.2.1: the pieces of a message/partial are put together as they are.
        return type.equals("message/partial") ? Structure.OPAQUE : Structure.LEAF;
    }

    private boolean boundaryIsUsable() {
        return !boundary.isEmpty()
                && boundary.length() <= MAX_BOUNDARY
                && boundary.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }

    String boundary() {
        return boundary;
    }

    /** Such as {@code text/plain}, in lower case. */
    String type() {
        return type;
    }

    /** QP can be read without decoding, so it is for text. */
    boolean isText() {
        return type.startsWith("text/") || (type.startsWith("message/") && !type.startsWith("message/global"));
    }

    boolean hasType() {
        return typeRead;
    }

    boolean hasEncoding() {
        return encodingRead;
    }

    boolean hasVersion() {
        return versionRead;
    }

    /** Content-Transfer-Encoding in lower case; empty: none. */
    String encoding() {
        return encoding;
    }
}
