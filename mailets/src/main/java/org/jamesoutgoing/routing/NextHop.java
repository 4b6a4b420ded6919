/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

/**
 * What connections are shared by: the set of hosts (with port, credentials, TLS and source address) a route resolves
 * to. Domains with the same exchangers share one next hop.
 *
 * @param key equal for equal next hops; not for eyes
 * @param name for people: the hosts in order of preference, cut to a few
 */
public record NextHop(Object key, String name) {

    @Override
    public boolean equals(Object other) {
        return other instanceof NextHop that && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
