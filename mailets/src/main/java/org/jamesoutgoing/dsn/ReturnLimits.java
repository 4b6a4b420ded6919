/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

/**
 * Up to which size, in octets, a DSN about a failure returns the whole original; above it, and in all other DSNs, the
 * headers. The original is held in memory while the DSN is made, so these are bounds of memory too.
 *
 * @param headers how much of the headers goes back, whole lines of them; 0: nothing, nor anything else
 * @param unasked when the sender did not say what to return: small, as bounces of spam go to people who never sent it
 * @param full when the sender asked with {@code RET=FULL} (RFC 3461 §4.3)
 */
public record ReturnLimits(int headers, int unasked, int full) {
    /** A header beyond this is an attack, not a header. */
    public static final int LONGEST_HEADERS = 64 * 1024;

    /** Never more than the headers, whatever the sender asked for. */
    public static final ReturnLimits HEADERS = new ReturnLimits(0, 0);

    /** Nothing, whatever the sender asked for. */
    public static final ReturnLimits NOTHING = new ReturnLimits(0, 0, 0);

    public static final ReturnLimits DEFAULT = new ReturnLimits(64 * 1024, 10 * 1024 * 1024);

    public ReturnLimits {
        if (unasked < 0 || full < unasked) {
            throw new IllegalArgumentException(
                    "Sizes must be 0 <= unasked <= full, not unasked=" + unasked + ", full=" + full);
        }
        if (headers < 0 || headers > LONGEST_HEADERS || (headers == 0 && full > 0)) {
            throw new IllegalArgumentException("headers: " + headers);
        }
    }

    public ReturnLimits(int unasked, int full) {
        this(LONGEST_HEADERS, unasked, full);
    }
}
