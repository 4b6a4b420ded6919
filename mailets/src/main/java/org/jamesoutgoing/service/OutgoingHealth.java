/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.jamesoutgoing.admin.HealthProbe;
import org.jamesoutgoing.admin.ServiceHealth;
import org.jamesoutgoing.admin.ServiceHealth.Finding;

/** How well all services of this James are, and what they share: the run-time stores. Thread-safe. */
@Singleton
public final class OutgoingHealth {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final OutgoingServices services;
    /** By what it is that is wrong. */
    private final Map<String, HealthProbe> stores = new LinkedHashMap<>();

    @Inject
    OutgoingHealth(
            OutgoingServices services, RouteRegistry routes, ControlRegistry controls, TemplateRegistry templates) {
        this.services = services;
        // A thread for each store at most, since a probe asks one question at a time; they end when there is none.
        Executor threads = Executors.newCachedThreadPool(work -> {
            Thread daemon = new Thread(work, "outgoing-health");
            daemon.setDaemon(true);
            return daemon;
        });
        stores.put("the routes of before count", new HealthProbe(routes::check, threads, PATIENCE));
        stores.put("the limits and suspensions of before count", new HealthProbe(controls::check, threads, PATIENCE));
        stores.put("the templates of before count", new HealthProbe(templates::check, threads, PATIENCE));
    }

    /**
     * By queue in alphabetical order; what is shared comes last, under the name {@code stores}. Comes within a few seconds.
     */
    public CompletableFuture<Map<String, ServiceHealth>> check() {
        Map<String, CompletableFuture<ServiceHealth>> coming = new LinkedHashMap<>();
        services.services().forEach((queue, service) -> coming.put("queue " + queue, service.health()));
        coming.put("stores", ofStores());
        return CompletableFuture.allOf(coming.values().toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    Map<String, ServiceHealth> all = new LinkedHashMap<>();
                    coming.forEach((name, health) -> all.put(name, health.join()));
                    return all;
                });
    }

    private CompletableFuture<ServiceHealth> ofStores() {
        CompletableFuture<List<Finding>> findings = CompletableFuture.completedFuture(new ArrayList<>());
        for (Map.Entry<String, HealthProbe> store : stores.entrySet()) {
            findings = findings.thenCombine(store.getValue().trouble(), (list, trouble) -> {
                trouble.ifPresent(why -> list.add(Finding.degraded(store.getKey() + ": " + why)));
                return list;
            });
        }
        return findings.thenApply(ServiceHealth::new);
    }
}
