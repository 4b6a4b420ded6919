/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Answers what it was told, never what it was not told, and remembers every question. */
final class ScriptedResolver implements Resolver {
    final List<String> asked = new ArrayList<>();
    final Map<String, CompletableFuture<MxAnswer>> exchangers = new HashMap<>();
    final Map<String, CompletableFuture<AddressAnswer>> addresses = new HashMap<>();

    ScriptedResolver mx(String name, MxAnswer answer) {
        exchangers.put(name, CompletableFuture.completedFuture(answer));
        return this;
    }

    ScriptedResolver address(String name, AddressAnswer answer) {
        addresses.put(name, CompletableFuture.completedFuture(answer));
        return this;
    }

    @Override
    public synchronized CompletableFuture<MxAnswer> mailExchangers(String asciiName) {
        asked.add(asciiName + " MX");
        return exchangers.getOrDefault(asciiName, new CompletableFuture<>());
    }

    @Override
    public synchronized CompletableFuture<AddressAnswer> addresses(String hostName) {
        asked.add(hostName + " A");
        return addresses.getOrDefault(hostName, new CompletableFuture<>());
    }
}
