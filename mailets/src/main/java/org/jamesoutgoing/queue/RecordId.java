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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which record of which mail: {@code id} is given once at admission and never again, {@code sequence} grows by one each
 * time the mail is parked. Of two records with one id the one with the higher sequence is valid, the other is a leftover
 * of a process that was killed between writing the one and removing the other.
 *
 * @param id up to 40 characters of {@code [0-9a-z-]}: safe as a key of every James repository, whose file repository makes a file
 *     name of it
 * @param sequence 0 in the outgoing queue, 1 and up in the waiting room
 */
public record RecordId(String id, int sequence) {

    private static final Pattern KEY = Pattern.compile("([0-9a-z-]+)\\.(0|[1-9][0-9]{0,8})");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RADIX = 36;

    /** A new id, 80 random bits. */
    static String newId() {
        byte[] bits = new byte[10];
        RANDOM.nextBytes(bits);
        return new BigInteger(1, bits).toString(RADIX);
    }

    /** An id that follows from this text. */
    public static String idOf(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** The id of part number {@code index} of a mail: the same each time that mail is split. */
    public static String partId(String id, int index) {
        return id + "-" + index;
    }

    /** The id of the mail of which this would be a part ({@link #partId}). */
    static Optional<String> wholeId(String id) {
        int dash = id.lastIndexOf('-');
        boolean part =
                dash > 0 && dash < id.length() - 1 && id.chars().skip(dash + 1L).allMatch(Character::isDigit);
        return part ? Optional.of(id.substring(0, dash)) : Optional.empty();
    }

    public RecordId next() {
        return new RecordId(id, sequence + 1);
    }

    /** The key in the waiting room. */
    public String key() {
        return id + "." + sequence;
    }

    /**
     * Reads a {@link #key()}. A key that we did not write is that of the first record of a mail whose identity follows
     * from the key: the same at every start, and fit for a file name whatever the key is.
     */
    public static RecordId ofKey(String key) {
        Matcher ours = KEY.matcher(key);
        if (ours.matches()) {
            return new RecordId(ours.group(1), Integer.parseInt(ours.group(2)));
        }
        return new RecordId(idOf(key), 1);
    }
}
