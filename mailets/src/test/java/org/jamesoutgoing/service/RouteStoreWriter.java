/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RouteOptions;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.JsonStore;
import org.jamesoutgoing.store.VersionedStore;
import org.jamesoutgoing.store.VersionedValue;

/** A process that writes routes with several threads, and notes the revision of each once it is safe. */
final class RouteStoreWriter {

    static final RouteName COUNTER = RouteName.parse("counter.example");

    private static final OptionValues RELAY = OptionValues.of(Map.of(
            "relayHosts", "mail.sales.example.com, [2001:db8::1]:2525",
            "gatewayUsername", "jämes \"x\"\\",
            "gatewayPassword", "hunter2 ✓"));
    private static final Expectation ANY = new Expectation.Any();

    private final VersionedStore<RouteName, OptionValues> store;
    private final FileOutputStream notes;

    private RouteStoreWriter(Path file, FileOutputStream notes) {
        this.store = JsonStore.at(file, new RouteCodec());
        this.notes = notes;
    }

    /** @param arguments file, name of the process, number of writers, number of routes of each, file for the revisions */
    public static void main(String[] arguments) throws Exception {
        int writers = Integer.parseInt(arguments[2]);
        int routes = Integer.parseInt(arguments[3]);
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try (FileOutputStream notes = new FileOutputStream(arguments[4])) {
            RouteStoreWriter process = new RouteStoreWriter(Path.of(arguments[0]), notes);
            List<Callable<Void>> work = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                String suffix = ".w" + writer + "." + arguments[1] + ".example";
                work.add(() -> process.write(suffix, routes));
            }
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    private Void write(String suffix, int routes) throws Exception {
        for (int i = 0; i < routes; i++) {
            RouteName name = RouteName.parse("r" + i + suffix);
            note(store.put(name, RELAY, new Expectation.Nothing()));
            count();
            if (i % 3 == 0 && !store.delete(name, ANY)) {
                throw new IllegalStateException(name + " was lost");
            }
        }
        return null;
    }

    private void count() throws Exception {
        while (true) {
            Optional<VersionedValue<OptionValues>> found =
                    Optional.ofNullable(store.load().get(COUNTER));
            int value = found.flatMap(stored -> stored.value().get(RouteOptions.MAX_ATTEMPTS))
                    .orElse(0);
            Expectation expected = found.<Expectation>map(stored -> new Expectation.Revision(stored.revision()))
                    .orElse(new Expectation.Nothing());
            OptionValues next = OptionValues.of(Map.of("maxAttempts", String.valueOf(value + 1)));
            try {
                note(store.put(COUNTER, next, expected));
                return;
            } catch (ChangedMeanwhileException e) {
                // Another writer was faster: once more.
            }
        }
    }

    private void note(VersionedValue<?> stored) throws Exception {
        synchronized (notes) {
            notes.write((stored.revision() + "\n").getBytes(US_ASCII));
        }
    }
}
