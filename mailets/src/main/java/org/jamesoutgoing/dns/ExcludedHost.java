/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

/**
 * A host that mail does not go to, or some of its addresses.
 *
 * @param why for people: {@code 127.0.0.1 is a loopback address}
 */
public record ExcludedHost(String host, String why) {

    @Override
    public String toString() {
        return host + " (" + why + ")";
    }
}
