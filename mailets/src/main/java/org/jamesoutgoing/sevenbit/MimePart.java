/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.util.List;
import java.util.Locale;

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

    private static final int MAX_DEPTH = 100;

    /** In the order in which parts begin. */
    final int index;
    /** The part it is in; null: it is the message. */
    final MimePart parent;
    /** Whether it is a message: the outermost, or one in a message/rfc822. */
    final boolean isMessage;

    private final int depth;
    private boolean unreadable;
    boolean hasType;
    boolean hasVersion;
    private boolean hasEncoding;
    /** Such as {@code text/plain}, in lower case. */
    String type;

    /** What a line that separates its parts begins with; empty: no such line is known. */
    String delimiter = "";
    /** Content-Transfer-Encoding in lower case. */
    String encoding = "";

    boolean hasEightBitHeader;
    /** Whether its Content-Transfer-Encoding has been written. */
    boolean isLabelled;
    /** Whether a part in it has begun. */
    boolean hasParts;
    /** Whether there were octets above 127 in it before its first part. */
    boolean hasEightBitPreamble;

    MimePart(int index, MimePart parent, boolean isMessage) {
        this.index = index;
        this.parent = parent;
        this.isMessage = isMessage;
        this.depth = parent == null ? 1 : parent.depth + 1;
        // RFC 2046 §5.1.5, §5.2.
        boolean digest = parent != null && !isMessage && parent.type.equals("multipart/digest");
        this.type = digest ? "message/rfc822" : "text/plain";
    }

    /**
     * Of two fields of one name, the first counts.
     *
     * @param whole false: it is too long to be understood
     */
    void learn(HeaderField field, boolean whole) {
        boolean typed = field.name().equals("content-type");
        boolean encoded = field.name().equals("content-transfer-encoding");
        if (!whole) {
            unreadable |= typed || encoded;
        } else if (typed && !hasType) {
            hasType = true;
            List<String> pieces = Tokens.pieces(field.value());
            String named = token(pieces.get(0).strip());
            type = named.indexOf('/') > 0 ? named : type;
            delimiter = pieces.stream()
                    .skip(1)
                    .filter(piece -> Tokens.nameOf(piece).equalsIgnoreCase("boundary"))
                    .findFirst()
                    .map(piece -> "--" + Tokens.valueOf(piece).stripTrailing())
                    .orElse("");
        } else if (encoded && !hasEncoding) {
            hasEncoding = true;
            encoding = token(field.value());
        }
        hasVersion |= field.name().equals("mime-version");
    }

    private static String token(String text) {
        return text.replaceFirst("(?s)[\\s;(\"].*", "").toLowerCase(Locale.ROOT);
    }

    Structure structure() {
        boolean opaque = unreadable || depth >= MAX_DEPTH;
        if (type.startsWith("multipart/")) {
            // RFC 2046 §5.1.1 allows boundaries of 70 octets; senders are not so strict.
            return delimiter.matches("--[ -~]{1,200}") && !opaque ? Structure.MULTIPART : Structure.OPAQUE;
        } else if (type.matches("message/(rfc822|external-body)") && !encoding.matches("base64|quoted-printable")) {
            return opaque ? Structure.OPAQUE : Structure.MESSAGE;
        }
        // RFC 2046 §5.2.2.1: the pieces of a message/partial are put together as they are.
        return unreadable || type.equals("message/partial") ? Structure.OPAQUE : Structure.LEAF;
    }

    /** QP can be read without decoding, so it is for text. */
    boolean isText() {
        return type.startsWith("text/") || (type.startsWith("message/") && !type.startsWith("message/global"));
    }
}
