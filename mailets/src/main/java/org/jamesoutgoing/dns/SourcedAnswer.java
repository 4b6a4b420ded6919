/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.util.List;
import java.util.stream.Stream;

/**
 * An answer, and where it comes from.
 *
 * @param servers the DNS servers that gave it, each as {@code host:port}; empty when that is not known
 * @param cached whether it was here already
 */
public record SourcedAnswer<A>(A answer, List<String> servers, boolean cached) {
    /** Copies {@code servers}. */
    public SourcedAnswer {
        servers = List.copyOf(servers);
    }

    /** An answer of a server that is not known. */
    static <A> SourcedAnswer<A> unknown(A answer) {
        return new SourcedAnswer<>(answer, List.of(), false);
    }

    static List<String> union(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).distinct().toList();
    }
}
