package io.threescale.spring.documentation

import io.threescale.spring.metering.MeteredCall
import io.threescale.spring.metering.ThreeScaleMetered
import io.threescale.spring.metering.ThreeScaleUnmetered
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.RequestParam
import org.springframework.web.bind.annotation.RestController

@RestController
@ThreeScaleMetered
class WordController {

    @GetMapping("/search")
    @ThreeScaleMetered("search")
    suspend fun search(@RequestParam query: String): List<String> {
        delay(10)
        return listOf(query)
    }

    @GetMapping("/words")
    @ThreeScaleMetered(metric = "words", delta = 10)
    fun words(@RequestParam text: String, call: MeteredCall): Flow<String> = flow {
        for (word in text.split(" ")) {
            call.add("words", 1)
            emit(word)
        }
    }

    @GetMapping("/health")
    @ThreeScaleUnmetered
    fun health() = "fine"
}
