/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.util.List;
import java.util.Locale;
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

    private static final int MAX_DEPTH = 100;

    /** RFC 2046 §5.1.1 allows 70 octets; senders are not so strict. */
    private static final Pattern USABLE_BOUNDARY = Pattern.compile("[ -~]{1,200}");

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
    /** Such as {@code text/plain}, in lower case. */
    String type;

    String boundary = "";
    /** Content-Transfer-Encoding in lower case; null: none. */
    String encoding;

    /** Whether its header had octets above 127. */
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
        this.type = parent != null && !isMessage && parent.type.equals("multipart/digest")
                ? "message/rfc822"
                : "text/plain";
    }

    /** Of two fields of one name, the first counts. */
    void learn(HeaderField field) {
        if (field.name().equals("content-type") && !hasType) {
            hasType = true;
            List<String> pieces = Tokens.pieces(field.value());
            String named = token(pieces.get(0).strip());
            type = named.indexOf('/') > 0 ? named : type;
            boundary = pieces.stream()
                    .skip(1)
                    .filter(piece -> Tokens.nameOf(piece).equalsIgnoreCase("boundary"))
                    .findFirst()
                    .map(piece -> Tokens.valueOf(piece).stripTrailing())
                    .orElse("");
        } else if (field.name().equals("content-transfer-encoding") && encoding == null) {
            encoding = token(field.value());
        }
        hasVersion |= field.name().equals("mime-version");
    }

    /** A field that is too long to be read. */
    void learnTooLong(String name) {
        unreadable |= name.equals("content-type") || name.equals("content-transfer-encoding");
    }

    private static String token(String text) {
        return text.replaceFirst("(?s)[\\s;(\"].*", "").toLowerCase(Locale.ROOT);
    }

    Structure structure() {
        boolean deep = depth >= MAX_DEPTH;
        if (unreadable) {
            return Structure.OPAQUE;
        } else if (type.startsWith("multipart/")) {
            return USABLE_BOUNDARY.matcher(boundary).matches() && !deep ? Structure.MULTIPART : Structure.OPAQUE;
        }
        return switch (type) {
            case "message/rfc822", "message/external-body" -> {
                boolean encoded = "base64".equals(encoding) || "quoted-printable".equals(encoding);
                yield encoded ? Structure.LEAF : deep ? Structure.OPAQUE : Structure.MESSAGE;
            }
                // RFC 2046 §5.2.2.1: its pieces are put together as they are.
            case "message/partial" -> Structure.OPAQUE;
            default -> Structure.LEAF;
        };
    }

    /** QP can be read without decoding, so it is for text. */
    boolean isText() {
        return type.startsWith("text/") || (type.startsWith("message/") && !type.startsWith("message/global"));
    }
}
