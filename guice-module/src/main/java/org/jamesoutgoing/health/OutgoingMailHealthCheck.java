/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.health;

import com.google.inject.Inject;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.james.core.healthcheck.ComponentName;
import org.apache.james.core.healthcheck.HealthCheck;
import org.apache.james.core.healthcheck.Result;
import org.jamesoutgoing.admin.ServiceHealth;
import org.jamesoutgoing.admin.ServiceHealth.Finding;
import org.jamesoutgoing.admin.ServiceHealth.Level;
import org.jamesoutgoing.james.RunningJames;
import org.jamesoutgoing.service.OutgoingHealth;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * {@code Outgoing mail} among James's health checks: the worst of all outgoing-mail services counts, and the cause has a
 * line for each that is not well. Thread-safe.
 *
 * <pre>{@code
 * # healthcheck.properties
 * additional.healthchecks=org.jamesoutgoing.health.OutgoingMailHealthCheck
 * }</pre>
 */
public final class OutgoingMailHealthCheck implements HealthCheck {

    private static final ComponentName NAME = new ComponentName("Outgoing mail");
    /** More than any part of it takes by itself. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final OutgoingHealth health;
    private final WebadminAccess webadmin;

    @Inject
    OutgoingMailHealthCheck(RunningJames james) {
        this.health = james.get(OutgoingHealth.class);
        this.webadmin = james.get(WebadminAccess.class);
    }

    @Override
    public ComponentName componentName() {
        return NAME;
    }

    @Override
    public Publisher<Result> check() {
        return Mono.fromCallable(health::check)
                // James asks on a thread that must not block.
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(Mono::fromFuture)
                .map(this::withWebadmin)
                .map(OutgoingMailHealthCheck::result)
                .timeout(
                        PATIENCE,
                        Mono.fromSupplier(
                                () -> Result.unhealthy(NAME, "no answer within " + PATIENCE.toSeconds() + " s")))
                .onErrorResume(trouble -> Mono.just(Result.unhealthy(NAME, "unexpected trouble: " + trouble, trouble)));
    }

    private Map<String, ServiceHealth> withWebadmin(Map<String, ServiceHealth> services) {
        Map<String, ServiceHealth> all = new LinkedHashMap<>(services);
        webadmin.finding().ifPresent(finding -> all.put("webadmin", new ServiceHealth(List.of(finding))));
        return all;
    }

    private static Result result(Map<String, ServiceHealth> all) {
        Level worst = all.values().stream()
                .map(ServiceHealth::level)
                .max(Comparator.naturalOrder())
                .orElse(Level.HEALTHY);
        String cause = all.entrySet().stream()
                .filter(entry -> entry.getValue().level() != Level.HEALTHY)
                .map(entry -> entry.getKey() + ": " + joined(entry.getValue().findings()))
                .collect(Collectors.joining("\n"));
        return switch (worst) {
            case HEALTHY -> Result.healthy(NAME);
            case DEGRADED -> Result.degraded(NAME, cause);
            case UNHEALTHY -> Result.unhealthy(NAME, cause);
        };
    }

    private static String joined(List<Finding> findings) {
        return findings.stream().map(Finding::cause).collect(Collectors.joining("; "));
    }
}
