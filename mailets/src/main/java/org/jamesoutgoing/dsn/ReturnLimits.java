/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

/**
 * Up to which size, in octets, a failure DSN returns the whole original; above it, the headers. The original is held in
 * memory while the DSN is made, so both are bounds of memory too.
 *
 * @param unasked when the sender did not say what to return: small, as bounces of spam go to people who never sent it
 * @param full when the sender asked with {@code RET=FULL} (RFC 3461 §4.3)
 */
public record ReturnLimits(int unasked, int full) {
    public static final ReturnLimits DEFAULT = new ReturnLimits(64 * 1024, 10 * 1024 * 1024);

    public ReturnLimits {
        if (unasked < 0 || full < unasked) {
            throw new IllegalArgumentException(
                    "Sizes must be 0 <= unasked <= full, not unasked=" + unasked + ", full=" + full);
        }
    }
}
