/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A package uses only packages that stand below it in mailets/README.md; smtp and dns know nothing above them at all. */
@AnalyzeClasses(packages = "org.jamesoutgoing", importOptions = ImportOption.DoNotIncludeTests.class)
class PackagesTest {

    private static final String ROOT = "org.jamesoutgoing.";

    @ArchTest
    static void theArchitecturePageDrawsEveryPackageAndWhatItUses(JavaClasses classes) throws IOException {
        Map<String, Set<String>> drawn = FloorPlan.drawn();
        Map<String, Set<String>> built = FloorPlan.built(classes, drawn.keySet());
        assertThat(drawn.keySet()).containsExactlyInAnyOrderElementsOf(FloorPlan.packagesOf(classes));
        assertThat(built).isEqualTo(drawn);
    }

    @ArchTest
    static void everyArrowLeadsDownwards(JavaClasses classes) throws IOException {
        assertThat(FloorPlan.upwards(FloorPlan.drawn())).isEmpty();
    }

    @ArchTest
    static final ArchRule smtpKnowsNeitherJamesNorJavaMail = noClasses()
            .that()
            .resideInAPackage(ROOT + "smtp..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache..", "javax.mail..", "reactor..", "com.google..");

    @ArchTest
    static final ArchRule nothingWritesToTheConsole =
            noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err");

    @ArchTest
    static final ArchRule timeComesInThroughTheConstructor = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "mailets..")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    /** Passing time, too, is made in one place. {@code smtp} has Netty's. */
    @ArchTest
    static final ArchRule onlyOneClassMeasuresTimeAndMakesTimers = noClasses()
            .that()
            .resideInAnyPackage(
                    ROOT + "admin..",
                    ROOT + "backup..",
                    ROOT + "delivery..",
                    ROOT + "dns..",
                    ROOT + "monitoring..",
                    ROOT + "notify..",
                    ROOT + "queue..",
                    ROOT + "routing..",
                    ROOT + "service..")
            .and()
            .doNotHaveFullyQualifiedName(ROOT + "service.SystemTime")
            .should()
            .accessTargetWhere(is(System.class, "nanoTime"))
            .orShould()
            .accessTargetWhere(is(Thread.class, "sleep"))
            .orShould()
            .accessTargetWhere(is(TimeUnit.class, "sleep"))
            .orShould()
            .accessTargetWhere(is(LockSupport.class, "parkNanos"))
            .orShould()
            .accessTargetWhere(is(CompletableFuture.class, "delayedExecutor"))
            .orShould()
            .accessTargetWhere(is(Executors.class, "newScheduledThreadPool"))
            .orShould()
            .accessTargetWhere(is(Executors.class, "newSingleThreadScheduledExecutor"))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Timer.class);

    /** Method references included. */
    private static DescribedPredicate<JavaAccess<?>> is(Class<?> owner, String name) {
        return DescribedPredicate.describe(
                owner.getSimpleName() + "." + name,
                access -> access.getTargetOwner().isEquivalentTo(owner)
                        && access.getTarget().getName().equals(name));
    }
}
