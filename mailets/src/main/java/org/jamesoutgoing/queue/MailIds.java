/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;

/** Identifiers that are safe as keys of every James repository: at most 40 characters of {@code [0-9a-z-]}. */
public final class MailIds {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RADIX = 36;

    private MailIds() {}

    /** A new identifier, 80 random bits. */
    public static String random() {
        byte[] bits = new byte[10];
        RANDOM.nextBytes(bits);
        return new BigInteger(1, bits).toString(RADIX);
    }

    /** An identifier that follows from this text. */
    public static String of(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** The identity of part number {@code index} of a mail: the same each time that mail is split. */
    public static String part(String id, int index) {
        return id + "-" + index;
    }

    /** The identity of the mail of which this would be a {@link #part}. */
    static Optional<String> whole(String id) {
        int dash = id.lastIndexOf('-');
        boolean part =
                dash > 0 && dash < id.length() - 1 && id.chars().skip(dash + 1L).allMatch(Character::isDigit);
        return part ? Optional.of(id.substring(0, dash)) : Optional.empty();
    }
}
