/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import java.util.Optional;
import org.apache.james.webadmin.FixedPortSupplier;
import org.apache.james.webadmin.WebAdminConfiguration;
import org.apache.james.webadmin.authentication.AuthenticationFilter;
import org.apache.james.webadmin.authentication.NoAuthenticationFilter;
import org.jamesoutgoing.admin.ServiceHealth.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebadminAccessTest {

    private static final AuthenticationFilter OPEN = new NoAuthenticationFilter();
    private static final AuthenticationFilter CLOSED = (request, response) -> {};

    private static Optional<Finding> at(String host, boolean enabled, AuthenticationFilter filter) {
        return new WebadminAccess(Guice.createInjector(new AbstractModule() {
                    @Override
                    protected void configure() {
                        bind(AuthenticationFilter.class).toInstance(filter);
                        bind(WebAdminConfiguration.class)
                                .toInstance(WebAdminConfiguration.builder()
                                        .enable(enabled)
                                        .port(new FixedPortSupplier(1))
                                        .host(host)
                                        .build());
                    }
                }))
                .finding();
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0", "192.0.2.1", "'::'"})
    void whatAsksNobodyAndListensBeyondLoopbackIsDegraded(String host) {
        assertThat(at(host, true, OPEN))
                .contains(Finding.degraded("it asks nobody who he is, and listens at " + host
                        + ": set jwt.enabled=true in webadmin.properties, or host=127.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "localhost", "127.0.0.9", "::1"})
    void onLoopbackItIsWell(String host) {
        assertThat(at(host, true, OPEN)).isEmpty();
    }

    @Test
    void withAuthenticationItIsWell() {
        assertThat(at("0.0.0.0", true, CLOSED)).isEmpty();
    }

    @Test
    void withoutAWebadminItIsWell() {
        assertThat(at("0.0.0.0", false, OPEN)).isEmpty();
        assertThat(new WebadminAccess(Guice.createInjector()).finding()).isEmpty();
    }
}
