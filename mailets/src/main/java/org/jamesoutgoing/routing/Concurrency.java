/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

/**
 * How many mails may be under way to one next hop at once.
 *
 * @param initial where a new lane starts, 1 or more
 * @param maximum as far as it may rise while mails are accepted, {@code initial} or more
 */
public record Concurrency(int initial, int maximum) {

    public static final Concurrency DEFAULT = new Concurrency(5, 20);

    public Concurrency {
        if (initial < 1 || maximum < initial) {
            throw new IllegalArgumentException(
                    "initial concurrency must be at least 1 and not more than the maximum " + maximum);
        }
    }
}
